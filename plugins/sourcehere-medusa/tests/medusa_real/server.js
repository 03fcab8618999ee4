/*
 * A Medusa server, and beside it the lab's back door.
 *
 * Prints `LISTENING <port of the API> <port of the back door>` once both answer.
 */
const http = require('node:http');
const { connect } = require('./database.js');

const listening = async server => {
  await new Promise(listens => server.listen(0, '127.0.0.1', listens));
  return server.address().port;
};

async function main() {
  await connect();
  const load = require('@medusajs/medusa/loaders/index').default;
  const express = require('express');
  const app = express();
  const { container } = await load({ directory: process.cwd(), expressApp: app });
  const doors = await require('./lab.js').backDoor(container);
  const lab = http.createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    try {
      const given = await doors[request.url.slice(1)](JSON.parse(text));
      response.end(JSON.stringify(given ?? null));
    } catch (error) {
      response.statusCode = 500;
      response.end(String(error.stack ?? JSON.stringify(error)));
    }
  });
  const port = await listening(http.createServer(app));
  console.log(`LISTENING ${port} ${await listening(lab)}`);
  // Whoever started it holds the other end: gone, it ends as well.
  process.stdin.on('end', () => process.exit(0)).resume();
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
