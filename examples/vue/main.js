import { createApp } from 'vue';
import App from './App.vue';
import 'flex-channel/widget';

createApp(App).mount('#app');
