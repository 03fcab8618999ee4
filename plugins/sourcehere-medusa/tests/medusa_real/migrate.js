/*
 * Make the tables.
 */
const { connect } = require('./database.js');

async function main() {
  await connect();
  const { initializeContainer } = require('@medusajs/medusa/loaders/index');
  const { migrate } = require('@medusajs/medusa/commands/db/migrate');
  const directory = process.cwd();
  const container = await initializeContainer(directory);
  const logger = container.resolve('logger');
  const all = { executeAllLinks: true, executeSafeLinks: true };
  const none = { skipScripts: true, skipSearch: true };
  process.exit((await migrate({ directory, container, logger, ...all, ...none })) ? 0 : 1);
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
