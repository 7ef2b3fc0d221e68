import { provisions } from '../provisions.mjs';
import { start } from './receiver.mjs';

provisions('scim2-server', start);
