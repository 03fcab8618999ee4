/*
 * A Vendure server in memory, and beside it the lab's back door.
 *
 * Prints `LISTENING <port of the API> <port of the back door>` once both answer.
 */
const http = require('node:http');
const { bootstrap, DefaultLogger, dummyPaymentHandler, LogLevel } = require('@vendure/core');
const { backDoor, prepare } = require('./lab.js');

const config = {
  apiOptions: { hostname: '127.0.0.1', port: 0, adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
  authOptions: {
    tokenMethod: ['bearer'],
    superadminCredentials: { identifier: 'superadmin', password: 'superadmin' },
    cookieOptions: { secret: 'none' },
    // The real one takes a quarter of a second for each login.
    passwordHashingStrategy: {
      hash: async password => password,
      check: async (password, hash) => password === hash,
    },
  },
  dbConnectionOptions: { type: 'sqljs', synchronize: true, autoSave: false },
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
  logger: new DefaultLogger({ level: LogLevel.Error }),
  plugins: [],
};

async function main() {
  const app = await bootstrap(config);
  const doors = backDoor(await prepare(app));
  const lab = http.createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    try {
      const given = await doors[request.url.slice(1)](JSON.parse(text));
      response.end(JSON.stringify(given ?? null));
    } catch (error) {
      response.statusCode = 500;
      response.end(String(error.stack));
    }
  });
  lab.listen(0, '127.0.0.1', () => {
    const port = app.getHttpServer().address().port;
    console.log(`LISTENING ${port} ${lab.address().port}`);
  });
  // Whoever started it holds the other end: gone, it ends as well.
  process.stdin.on('end', () => process.exit(0)).resume();
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
