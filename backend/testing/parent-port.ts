// Stands for Electron's side of a utility process: the messages of `child_process.fork` come and go as its
// port's. Started by the test of backend/embedded.ts, which it loads.
const port = {
  on: (_event: 'message', listener: (event: { data: unknown }) => void) =>
    process.on('message', (data) => listener({ data })),
  postMessage: (report: unknown) => process.send?.(report),
};
Object.assign(process, { parentPort: port });
await import('../embedded.ts');
