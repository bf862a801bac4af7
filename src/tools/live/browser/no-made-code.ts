// Imported before all else: where it may, zod makes code of texts, which the page's policy refuses.
import { config } from 'zod';

config({ jitless: true });
