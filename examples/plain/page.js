// Read by chat/embed.js, which comes after this script.
window.flexChatConfig = {
  url: 'wss://YOUR-CHAT/live',
  form: [{ name: 'name', label: 'Your name', type: 'text', required: true }],
};

document.querySelector('#ask').addEventListener('click', () => window.flexChat.open());
document.addEventListener('flex-chat:unread', ({ detail }) => {
  document.querySelector('#unread').textContent = detail;
});
