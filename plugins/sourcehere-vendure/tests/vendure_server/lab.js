/*
 * What the lab does in the shop without the API: written straight into its database.
 */
const {
  Administrator, Channel, ChannelService, NativeAuthenticationMethod, Order, OrderLine,
  Payment, Product, ProductTranslation, ProductVariant, ProductVariantPrice,
  ProductVariantTranslation, Refund, RefundLine, RequestContextService, Role, Session,
  SessionService, TaxCategory, TransactionalConnection, User, Zone,
} = require('@vendure/core');

const CLEARED = [
  'order_line_reference', 'refund', 'payment', 'history_entry', 'stock_movement',
  'order_fulfillments_fulfillment', 'fulfillment', 'order_channels_channel',
  'order_line', 'order',
];
const OPEN = ['PaymentAuthorized', 'PaymentSettled', 'Cancelled'];

const TOLD = `
  SELECT f.id, f.state, f.method, f.trackingCode AS number, v.sku, r.quantity
  FROM order_fulfillments_fulfillment j
  JOIN fulfillment f ON f.id = j.fulfillmentId
  JOIN order_line_reference r ON r.fulfillmentId = f.id
  JOIN order_line l ON l.id = r.orderLineId
  JOIN product_variant v ON v.id = l.productVariantId
  WHERE j.orderId = ? ORDER BY f.id`;
const NOTES = `
  SELECT data, isPublic FROM history_entry
  WHERE orderId = ? AND type = 'ORDER_NOTE' ORDER BY id`;

// Each change of an order is `step` seconds later than the one before, whoever made it.
const CLOCK = `
  BEGIN
    UPDATE lab_clock SET at = datetime(at, step || ' seconds');
    UPDATE "order" SET updatedAt = (SELECT at FROM lab_clock) WHERE id = NEW.id;
  END`;

async function prepare(app) {
  const db = app.get(TransactionalConnection).rawConnection;
  await db.query('CREATE TABLE lab_clock (at TEXT, step INTEGER)');
  await db.query(`INSERT INTO lab_clock VALUES (datetime('now', '-1 day'), 1)`);
  await db.query(`CREATE TRIGGER lab_new AFTER INSERT ON "order" ${CLOCK}`);
  await db.query(`CREATE TRIGGER lab_old AFTER UPDATE ON "order" ${CLOCK}`);
  const repo = entity => db.getRepository(entity);
  const zone = await repo(Zone).save(new Zone({ name: 'Everywhere', members: [] }));
  const channel = (await repo(Channel).find())[0];
  // By its service, which keeps channels in memory.
  const ctx = await app.get(RequestContextService).create({ apiType: 'admin' });
  await app.get(ChannelService).update(ctx, {
    id: channel.id, defaultTaxZoneId: zone.id, defaultShippingZoneId: zone.id,
  });
  const tax = await repo(TaxCategory).save(
    new TaxCategory({ name: 'All', isDefault: true }),
  );
  return { app, db, repo, channel, tax, variants: new Map() };
}

async function variantOf(shop, sku) {
  if (shop.variants.has(sku)) return shop.variants.get(sku);
  const { repo, channel, tax } = shop;
  const product = await repo(Product).save(
    new Product({ channels: [channel], translations: [], enabled: true }),
  );
  await repo(ProductTranslation).save(
    new ProductTranslation({
      base: product, languageCode: 'en', name: `Product ${sku}`,
      slug: `product-${product.id}`, description: '',
    }),
  );
  const variant = await repo(ProductVariant).save(
    new ProductVariant({
      sku, product, taxCategory: tax, channels: [channel], translations: [],
      enabled: true, trackInventory: 'FALSE',
    }),
  );
  await repo(ProductVariantTranslation).save(
    new ProductVariantTranslation({
      base: variant, languageCode: 'en', name: `Product ${sku}`,
    }),
  );
  await repo(ProductVariantPrice).save(
    new ProductVariantPrice({
      variant, price: 100, channelId: channel.id, currencyCode: channel.defaultCurrencyCode,
    }),
  );
  shop.variants.set(sku, variant);
  return variant;
}

async function write(shop, order, told) {
  const { repo } = shop;
  const total = told.lines.reduce((sum, line) => sum + line.quantity * line.price, 0);
  const lines = order.id
    ? await repo(OrderLine).find({ where: { order: { id: order.id } }, order: { id: 'ASC' } })
    : [];
  const paid = told.is_paid ? 'PaymentSettled' : 'PaymentAuthorized';
  const state = told.state ?? (told.is_cancelled ? 'Cancelled' : paid);
  const fields = {
    currencyCode: told.currency, orderPlacedAt: told.placed_at && new Date(told.placed_at),
    active: !told.placed_at, type: told.type ?? 'Regular', subTotal: total,
    subTotalWithTax: total,
    state: !order.state || OPEN.includes(order.state) ? state : order.state,
    shippingAddress: {
      fullName: 'Ann Example', streetLine1: '1 High Street', streetLine2: 'Flat 2',
      city: 'Leeds', province: 'Yorkshire', postalCode: 'LS1 1AA', country: 'Somewhere',
      countryCode: told.country, phoneNumber: '+44 113 496 0000',
    },
  };
  if (order.id) await repo(Order).update(order.id, fields);
  else await repo(Order).save(Object.assign(order, fields));
  for (const [place, one] of told.lines.entries()) {
    const line = lines[place] ?? new OrderLine({ order, adjustments: [], taxLines: [] });
    await repo(OrderLine).save(
      Object.assign(line, {
        productVariant: await variantOf(shop, one.sku),
        quantity: one.quantity, listPrice: one.price, initialListPrice: one.price,
        listPriceIncludesTax: true,
        orderPlacedQuantity: Math.max(one.quantity, line.orderPlacedQuantity ?? 0),
      }),
    );
  }
  const mine = { where: { order: { id: order.id } } };
  const payment = (await repo(Payment).findOne(mine)) ?? new Payment({ order });
  await repo(Payment).save(
    Object.assign(payment, {
      method: 'lab', amount: total, metadata: {}, transactionId: 'T1',
      state: told.is_paid ? 'Settled' : 'Authorized',
    }),
  );
}

function backDoor(shop) {
  const { repo, db } = shop;
  let count = 0;
  return {
    async reset() {
      await db.query('PRAGMA foreign_keys = OFF');
      for (const table of CLEARED) await db.query(`DELETE FROM "${table}"`);
      await db.query('PRAGMA foreign_keys = ON');
      await db.query('UPDATE lab_clock SET step = 1');
    },
    async clock({ step }) {
      await db.query('UPDATE lab_clock SET step = ?', [step]);
    },
    async variant({ sku }) {
      return (await variantOf(shop, sku)).id;
    },
    async clear_products() {
      for (const table of ['product', 'product_variant']) {
        await db.query(`UPDATE ${table} SET deletedAt = datetime('now')`);
      }
      shop.variants.clear();
    },
    async place(told) {
      count += 1;
      const order = new Order({
        code: `LAB${count}`, channels: [shop.channel], couponCodes: [], billingAddress: {},
        lines: [], shipping: 0, shippingWithTax: 0,
      });
      await write(shop, order, told);
      return order.id;
    },
    async change({ id, ...told }) {
      await write(shop, await repo(Order).findOneByOrFail({ id }), told);
    },
    // Units whose price the merchant gave back, without cancelling them.
    async refund({ id, place, quantity }) {
      const order = { where: { order: { id } }, order: { id: 'ASC' } };
      const line = (await repo(OrderLine).find(order))[place];
      const payment = (await repo(Payment).find(order))[0];
      const refund = await repo(Refund).save(
        new Refund({
          payment, paymentId: payment.id, items: 0, shipping: 0, adjustment: 0, total: 1,
          method: 'lab', state: 'Settled', metadata: {},
        }),
      );
      await repo(RefundLine).save(
        new RefundLine({ refund, orderLine: line, orderLineId: line.id, quantity }),
      );
    },
    async state({ id }) {
      return (await repo(Order).findOneByOrFail({ id })).state;
    },
    async told({ id }) {
      const fulfilments = new Map();
      for (const { id: name, sku, quantity, ...row } of await db.query(TOLD, [id])) {
        if (!fulfilments.has(name)) fulfilments.set(name, { ...row, units: [] });
        fulfilments.get(name).units.push([sku, quantity]);
      }
      const notes = await db.query(NOTES, [id]);
      return {
        fulfilments: [...fulfilments.values()],
        notes: notes.map(row => ({ ...JSON.parse(row.data), isPublic: !!row.isPublic })),
      };
    },
    async administrator({ name, permissions }) {
      const role = await repo(Role).save(
        new Role({ code: name, description: name, permissions, channels: [shop.channel] }),
      );
      const user = await repo(User).save(
        new User({ identifier: name, verified: true, roles: [role] }),
      );
      await repo(NativeAuthenticationMethod).save(
        new NativeAuthenticationMethod({ identifier: name, passwordHash: name, user }),
      );
      await repo(Administrator).save(
        new Administrator({ firstName: name, lastName: '', emailAddress: name, user }),
      );
    },
    async logout() {
      const sessions = await repo(Session).find();
      for (const session of sessions) {
        await shop.app.get(SessionService).sessionCacheStrategy.delete(session.token);
      }
      await db.query('DELETE FROM session');
    },
  };
}

module.exports = { backDoor, prepare };
