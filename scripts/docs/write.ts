import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messagesPage } from './messages-page.js';

const page = join(__dirname, '..', '..', 'docs', 'messages.md');
writeFileSync(page, messagesPage());
console.log(`written: ${page}`);
