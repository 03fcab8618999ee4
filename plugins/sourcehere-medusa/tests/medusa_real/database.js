/*
 * PostgreSQL of the tests listens at a socket only, and Medusa connects to ports only.
 */
const net = require('node:net');

exports.connect = async () => {
  const server = net.createServer(one => {
    const other = net.connect(process.env.SOCKET);
    one.on('error', () => other.destroy());
    other.on('error', () => one.destroy());
    one.pipe(other).pipe(one);
  });
  await new Promise(listens => server.listen(0, '127.0.0.1', listens));
  const { port } = server.address();
  process.env.DATABASE_URL = `postgres://postgres@127.0.0.1:${port}/${process.env.DATABASE}`;
};
