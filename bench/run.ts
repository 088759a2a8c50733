import { homeAssistantFigures } from './home-assistant.js';
import { print } from './measure.js';

console.log(`Node.js ${process.version}, ${process.platform} ${process.arch}`);
print(homeAssistantFigures());
