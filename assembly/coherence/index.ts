// What runs a simulation that another program has laid into this module's memory, from address 0 on (layout.ts). The module
// keeps nothing of its own there.
export { run, start } from './run';
