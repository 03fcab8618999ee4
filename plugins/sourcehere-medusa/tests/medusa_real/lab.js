/*
 * What the lab does in the shop without the API: what a merchant does once, orders of
 * any day and price, and money that was never there.
 */
const flows = require('@medusajs/medusa/core-flows');

const COUNTRIES = ['gb', 'us', 'de', 'fr', 'jp'];
const CLEARED = /^(order|cart|payment|capture|refund|return|fulfillment(_item|_label|_address)?$|reservation_item)/;
const KEPT = /provider|refund_reason|return_reason|payment_method/;

async function setUp(container, run) {
  const link = container.resolve('link');
  const fulfilment = container.resolve('fulfillment');
  const [channel] = await container.resolve('sales_channel').listSalesChannels();
  const [user] = await run('createUsersWorkflow', { users: [{ email: 'lab@shop.example' }] });
  const keys = await run('createApiKeysWorkflow', {
    api_keys: [
      { title: 'lab', type: 'secret', created_by: user.id },
      { title: 'shop', type: 'publishable', created_by: user.id },
    ],
  });
  await run('linkSalesChannelsToApiKeyWorkflow', { id: keys[1].id, add: [channel.id] });
  const [region] = await run('createRegionsWorkflow', {
    regions: [{
      name: 'Everywhere', currency_code: 'usd', countries: COUNTRIES,
      payment_providers: ['pp_system_default'],
    }],
  });
  const [location] = await run('createStockLocationsWorkflow', {
    locations: [{ name: 'Main', address: { address_1: '1 Road', country_code: 'gb' } }],
  });
  const place = { stock_location: { stock_location_id: location.id } };
  await link.create({ ...place, fulfillment: { fulfillment_provider_id: 'manual_manual' } });
  await run('linkSalesChannelsToStockLocationWorkflow', { id: location.id, add: [channel.id] });
  const [profile] = await run('createShippingProfilesWorkflow', {
    data: [{ name: 'All', type: 'default' }],
  });
  const set = await fulfilment.createFulfillmentSets({
    name: 'Delivery', type: 'shipping',
    service_zones: [{
      name: 'Everywhere',
      geo_zones: COUNTRIES.map(code => ({ country_code: code, type: 'country' })),
    }],
  });
  await link.create({ ...place, fulfillment: { fulfillment_set_id: set.id } });
  const [option] = await run('createShippingOptionsWorkflow', [{
    name: 'Post', price_type: 'flat', provider_id: 'manual_manual',
    service_zone_id: set.service_zones[0].id, shipping_profile_id: profile.id,
    type: { label: 'Post', description: 'Post', code: 'post' }, rules: [],
    prices: [{ currency_code: 'usd', amount: 5 }],
  }]);
  return {
    key: keys[0].token, publishable: keys[1].token, channel: channel.id,
    region: region.id, location: location.id, profile: profile.id, option: option.id,
  };
}

async function backDoor(container) {
  const run = async (name, input) => (await flows[name](container).run({ input })).result;
  const db = container.resolve('__pg_connection__');
  const payments = container.resolve('payment');
  const shop = await setUp(container, run);
  const tables = await db.raw(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  );
  const cleared = tables.rows
    .map(row => row.name)
    .filter(name => CLEARED.test(name) && !KEPT.test(name))
    .map(name => `"${name}"`);

  async function pay(order, { is_paid }) {
    const amount = order.total;
    const currency_code = order.currency_code;
    const [collection] = await payments.createPaymentCollections([{ currency_code, amount }]);
    await container.resolve('link').create({
      order: { order_id: order.id }, payment: { payment_collection_id: collection.id },
    });
    const session = await payments.createPaymentSession(collection.id, {
      provider_id: 'pp_system_default', currency_code, amount, data: {},
    });
    const payment = await payments.authorizePaymentSession(session.id, {});
    if (is_paid) await payments.capturePayment({ payment_id: payment.id });
  }

  return {
    shop: async () => shop,
    reset: async () => {
      await db.raw(`TRUNCATE ${cleared.join(', ')} CASCADE`);
    },
    place: async told => {
      const order = await run('createOrderWorkflow', {
        region_id: shop.region, sales_channel_id: shop.channel,
        currency_code: told.currency, email: 'ann@mail.example',
        items: told.lines.map(line => ({
          title: `Product ${line.sku}`, variant_sku: line.sku, quantity: line.quantity,
          unit_price: line.price, requires_shipping: true,
        })),
        shipping_address: {
          first_name: 'Ann', last_name: 'Lee', address_1: '1 High Street',
          address_2: 'Flat 2', city: 'Leeds', province: 'Yorkshire',
          postal_code: 'LS1 1AA', phone: '+44 113 496 0000', country_code: told.country,
        },
        shipping_methods: [{
          name: 'Post', amount: 0, shipping_option_id: shop.option, data: {},
        }],
      });
      await pay(order, told);
      const at = { created_at: new Date(told.placed_at) };
      await db('order').where({ id: order.id }).update(at);
      return order.id;
    },
    product: async ({ sku, price, is_managed }) => {
      const [product] = await run('createProductsWorkflow', {
        products: [{
          title: `Product ${sku}`, status: 'published', shipping_profile_id: shop.profile,
          sales_channels: [{ id: shop.channel }],
          handle: `product-${Buffer.from(sku).toString('hex')}`,
          options: [{ title: 'Size', values: ['One'] }],
          variants: [{
            title: 'One', sku, options: { Size: 'One' }, manage_inventory: is_managed,
            prices: [{ currency_code: 'usd', amount: price }],
          }],
        }],
      });
      return { product: product.id, variant: product.variants[0].id };
    },
    clear_products: async () => {
      const none = { value: '0', precision: 20 };
      await db('inventory_level').update({ reserved_quantity: 0, raw_reserved_quantity: none });
      const products = await container.resolve('product').listProducts({}, { select: ['id'] });
      const ids = products.map(one => one.id);
      if (ids.length) await run('deleteProductsWorkflow', { ids });
    },
    reserve: async ({ variant, units }) => {
      const found = await container.resolve('query').graph({
        entity: 'variant', fields: ['inventory_items.inventory_item_id'],
        filters: { id: variant },
      });
      await run('createReservationsWorkflow', {
        reservations: [{
          inventory_item_id: found.data[0].inventory_items[0].inventory_item_id,
          location_id: shop.location, quantity: units,
        }],
      });
    },
    // A bank that takes its money back, say: nothing in the API does that.
    unpay: async ({ collection }) => {
      const none = { value: '0', precision: 20 };
      const now = new Date();
      await db('payment').where({ payment_collection_id: collection })
        .update({ captured_at: null, updated_at: now });
      await db('payment_collection').where({ id: collection }).update({
        status: 'authorized', captured_amount: 0, raw_captured_amount: none, updated_at: now,
      });
    },
    // All orders changed at the same time, as after a change of the database.
    crowd: async ({ at }) => {
      await db('order').update({ updated_at: new Date(at) });
    },
  };
}

module.exports = { backDoor };
