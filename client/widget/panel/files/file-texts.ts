/** What the widget says of files, in all its languages: they come with the chunk, not with the panel. */
export interface FileTexts {
  readonly attach: string;
  readonly drop: string;
  readonly remove: string;
  readonly open: string;
  readonly uploading: string;
  readonly accepting: string;
  readonly cancel: string;
  readonly file_too_large: string;
  readonly wrong_file_type: string;
  readonly unsafe_file: string;
  readonly too_many_files: string;
  readonly file_expired: string;
  readonly other: string;
}

const NAMES = [
  'attach',
  'drop',
  'remove',
  'open',
  'uploading',
  'accepting',
  'cancel',
  'file_too_large',
  'wrong_file_type',
  'unsafe_file',
  'too_many_files',
  'file_expired',
  'other',
] as const satisfies readonly (keyof FileTexts)[];

/** In the order of `NAMES`. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  en: [
    'Attach files',
    'Drop files here',
    'Remove {name}',
    'Open {name}',
    'Uploading {name}',
    'Being checked…',
    'Cancel {name}',
    '{name} is too large. At most {size}.',
    '{name}: files of this type can’t be sent.',
    'The file was found to be unsafe.',
    'No more files can be sent in this conversation.',
    'The file is not there any more. Please choose it again.',
    'The file can’t be opened now. Please try again.',
  ],
  es: [
    'Adjuntar archivos',
    'Suelte los archivos aquí',
    'Quitar {name}',
    'Abrir {name}',
    'Subiendo {name}',
    'Se está comprobando…',
    'Cancelar {name}',
    '{name} es demasiado grande. Máximo: {size}.',
    '{name}: no se pueden enviar archivos de este tipo.',
    'El archivo no es seguro.',
    'No se pueden enviar más archivos en esta conversación.',
    'El archivo ya no está. Elíjalo de nuevo.',
    'El archivo no se puede abrir ahora. Inténtelo de nuevo.',
  ],
  fr: [
    'Joindre des fichiers',
    'Déposez les fichiers ici',
    'Retirer {name}',
    'Ouvrir {name}',
    'Envoi de {name}',
    'Vérification en cours…',
    'Annuler {name}',
    '{name} est trop volumineux. Maximum : {size}.',
    '{name} : ce type de fichier ne peut pas être envoyé.',
    'Le fichier n’est pas sûr.',
    'Aucun autre fichier ne peut être envoyé dans cette conversation.',
    'Le fichier n’est plus là. Choisissez-le de nouveau.',
    'Le fichier ne peut pas être ouvert maintenant. Réessayez.',
  ],
  de: [
    'Dateien anhängen',
    'Dateien hier ablegen',
    '{name} entfernen',
    '{name} öffnen',
    '{name} wird hochgeladen',
    'Wird geprüft…',
    '{name} abbrechen',
    '{name} ist zu groß. Höchstens {size}.',
    '{name}: Dateien dieser Art können nicht gesendet werden.',
    'Die Datei ist nicht sicher.',
    'In diesem Gespräch können keine weiteren Dateien gesendet werden.',
    'Die Datei ist nicht mehr da. Bitte wählen Sie sie noch einmal.',
    'Die Datei lässt sich jetzt nicht öffnen. Bitte noch einmal.',
  ],
  pt: [
    'Anexar ficheiros',
    'Largue os ficheiros aqui',
    'Remover {name}',
    'Abrir {name}',
    'A enviar {name}',
    'A verificar…',
    'Cancelar {name}',
    '{name} é demasiado grande. Máximo: {size}.',
    '{name}: não é possível enviar ficheiros deste tipo.',
    'O ficheiro não é seguro.',
    'Não é possível enviar mais ficheiros nesta conversa.',
    'O ficheiro já não está disponível. Escolha-o de novo.',
    'Não é possível abrir o ficheiro agora. Tente de novo.',
  ],
  it: [
    'Allega file',
    'Rilascia qui i file',
    'Rimuovi {name}',
    'Apri {name}',
    'Caricamento di {name}',
    'Controllo in corso…',
    'Annulla {name}',
    '{name} è troppo grande. Massimo {size}.',
    '{name}: non è possibile inviare file di questo tipo.',
    'Il file non è sicuro.',
    'Non è possibile inviare altri file in questa conversazione.',
    'Il file non c’è più. Scegliilo di nuovo.',
    'Il file non si può aprire ora. Riprova.',
  ],
  nl: [
    'Bestanden bijvoegen',
    'Zet bestanden hier neer',
    '{name} verwijderen',
    '{name} openen',
    '{name} wordt geüpload',
    'Wordt gecontroleerd…',
    '{name} annuleren',
    '{name} is te groot. Ten hoogste {size}.',
    '{name}: bestanden van dit type kunnen niet worden verzonden.',
    'Het bestand is niet veilig.',
    'In dit gesprek kunnen geen bestanden meer worden verzonden.',
    'Het bestand is er niet meer. Kies het opnieuw.',
    'Het bestand kan nu niet worden geopend. Probeer het opnieuw.',
  ],
  ja: [
    'ファイルを添付',
    'ここにファイルをドロップ',
    '{name} を取り除く',
    '{name} を開く',
    '{name} をアップロード中',
    '確認中…',
    '{name} をキャンセル',
    '{name} は大きすぎます。上限は {size} です。',
    '{name}：この種類のファイルは送信できません。',
    'ファイルは安全ではないと判定されました。',
    'この会話ではこれ以上ファイルを送信できません。',
    'ファイルがなくなりました。もう一度選んでください。',
    '今はファイルを開けません。もう一度お試しください。',
  ],
  ar: [
    'إرفاق ملفات',
    'أفلت الملفات هنا',
    'إزالة {name}',
    'فتح {name}',
    'جارٍ رفع {name}',
    'جارٍ الفحص…',
    'إلغاء {name}',
    '{name} كبير جدًا. الحد الأقصى {size}.',
    '{name}: لا يمكن إرسال ملفات من هذا النوع.',
    'تبيّن أن الملف غير آمن.',
    'لا يمكن إرسال المزيد من الملفات في هذه المحادثة.',
    'لم يعد الملف موجودًا. يُرجى اختياره مرة أخرى.',
    'لا يمكن فتح الملف الآن. حاول مرة أخرى.',
  ],
  he: [
    'צירוף קבצים',
    'שחררו את הקבצים כאן',
    'הסרת {name}',
    'פתיחת {name}',
    '{name} בהעלאה',
    'בבדיקה…',
    'ביטול {name}',
    '{name} גדול מדי. לכל היותר {size}.',
    '{name}: אי אפשר לשלוח קבצים מסוג זה.',
    'נמצא שהקובץ אינו בטוח.',
    'אי אפשר לשלוח קבצים נוספים בשיחה זו.',
    'הקובץ כבר אינו זמין. בחרו אותו שוב.',
    'אי אפשר לפתוח את הקובץ כעת. נסו שוב.',
  ],
};

/** @param own those of the page, which come first. */
export function fileTexts(locale: string, own: Partial<FileTexts> = {}): FileTexts {
  const [language = 'en'] = locale.toLowerCase().split('-');
  const texts = TEXTS[language] ?? TEXTS['en'] ?? [];
  const known = Object.fromEntries(NAMES.map((name, place) => [name, texts[place]]));
  return { ...(known as unknown as FileTexts), ...own };
}
