<?php
/**
 * The back door of a shop that is there to be tried: customers order, change their
 * minds, and pay. It asks for no key: only put it into a shop that nobody else reaches.
 */

require __DIR__ . '/wp-load.php';

/** Return what the shop sells under a SKU, in this case; it is made where it is new. */
function sold( $sku, $price ) {
	global $wpdb;
	$query = "SELECT post_id FROM $wpdb->postmeta WHERE meta_key = '_sku' AND BINARY meta_value = %s";
	$id    = $wpdb->get_var( $wpdb->prepare( $query, $sku ) );
	if ( ! $id ) {
		$made = new WC_Product_Simple();
		$made->set_name( $sku );
		$made->set_regular_price( $price );
		$id = $made->save();
		// Not `set_sku`, which takes SKUs that differ by case for one.
		update_post_meta( $id, '_sku', wp_slash( $sku ) );
		wp_cache_flush();
	}
	return wc_get_product( $id );
}

/** Let an item be of as many units. */
function count_units( $item, $told ) {
	$item->set_quantity( $told['quantity'] );
	$item->set_subtotal( $told['price'] * $told['quantity'] );
	$item->set_total( $told['price'] * $told['quantity'] );
}

/** Write what an order is beside its lines. */
function fill( $order, $told ) {
	$order->set_currency( $told['currency'] );
	$order->set_date_created( $told['placed_at'] );
	$order->set_address( $told['shipping'], 'shipping' );
	$order->set_address( $told['billing'], 'billing' );
	$order->set_status( $told['status'] );
	$order->set_date_paid( $told['is_paid'] ? $told['placed_at'] : null );
	$order->calculate_totals( false );
	$order->set_date_modified( time() );
	return $order->save();
}

function place( $told ) {
	$order = wc_create_order( array( 'status' => 'pending' ) );
	foreach ( $told['lines'] as $line ) {
		$item = new WC_Order_Item_Product();
		$item->set_product( sold( $line['sku'], $line['price'] ) );
		count_units( $item, $line );
		$order->add_item( $item );
	}
	return fill( $order, $told );
}

function change( $id, $told ) {
	$order = wc_get_order( $id );
	foreach ( array_values( $order->get_items() ) as $place => $item ) {
		$line = $told['lines'][ $place ];
		if ( 0 === $line['quantity'] ) {
			$order->remove_item( $item->get_id() );
		} else {
			count_units( $item, $line );
			$item->save();
		}
	}
	return fill( $order, $told );
}

function look_at( $id ) {
	$order = wc_get_order( $id );
	$meta  = array();
	foreach ( $order->get_meta_data() as $piece ) {
		$meta[ $piece->get_data()['key'] ] = $piece->get_data()['value'];
	}
	$skus = array();
	foreach ( $order->get_items() as $item ) {
		$skus[ $item->get_id() ] = get_post_meta( $item->get_product_id(), '_sku', true );
	}
	return array(
		'status' => $order->get_status(),
		'meta'   => (object) $meta,
		'skus'   => (object) $skus,
	);
}

function clear() {
	foreach ( wc_get_orders( array( 'limit' => -1 ) ) as $order ) {
		$order->delete( true );
	}
	return true;
}

$asked = json_decode( file_get_contents( 'php://input' ), true );
$known = array( 'place', 'change', 'look_at', 'clear' );
$done  = in_array( $asked['do'], $known, true ) ? $asked['do']( ...$asked['with'] ) : null;
wp_send_json( array( 'done' => $done ) );
