export interface Product {
  /** Also of its picture. */
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly cents: number;
}

export const PRODUCTS: readonly Product[] = [
  { name: 'kettle', title: 'Kettle “Fern”', about: 'Enamel, 0.9 l, a narrow spout', cents: 6900 },
  { name: 'grinder', title: 'Hand grinder', about: 'Steel burrs, beech', cents: 8400 },
  { name: 'dripper', title: 'Dripper and jug', about: 'Porcelain and glass, 2 cups', cents: 4200 },
  { name: 'beans', title: 'Beans “Harbour”', about: 'Brazil and Ethiopia, 250 g', cents: 1150 },
  { name: 'mug', title: 'Mug “Honey”', about: 'Stoneware, 0.3 l', cents: 1800 },
  { name: 'tea', title: 'Green tea “Meadow”', about: 'Loose leaves, 100 g', cents: 950 },
];

const money = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' });

export const priceOf = (cents: number): string => money.format(cents / 100);
