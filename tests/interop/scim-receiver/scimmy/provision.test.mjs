import { provisions } from '../provisions.mjs';
import { start } from './receiver.mjs';

provisions('scimmy', start);
