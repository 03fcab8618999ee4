"""
What a person does about what no repair can mend, invariant by invariant.
"""

_BACKUP = (
    "take the row from a backup: open the last one in which an audit of the seller is"
    " clean, and copy it"
)
_HISTORY = (
    "read the order's timeline and the ledger: one of the two was altered. Take it from"
    " a backup; never make up an entry"
)
_SHOP = "ask the shop what it has of the order, then"
_CALLS = (
    "ask the shop by the key whether it has the parcel's tracking; calls and attempts"
    " are history and stay as they are. Take what was altered from a backup"
)
_CATALOG = "take the row from a backup; what names it cannot be sold or sent until then"
_MONEY = (
    "compare with the bank or the payment provider who holds the money, then take what"
    " was altered from a backup, or book what is due as a top-up with a reference"
)

_GATEWAY = (
    "ask the gateway by the attempt's reference what it moved; attempts and the ledger"
    " are history: take what was altered from a backup"
)

ADVICE: dict[str, str] = {
    "allocated_within_on_hand": "count the lot in the warehouse; " + _BACKUP,
    "allocation_has_a_holder": (
        "ask the warehouse whether the units left; then take movement, lot and"
        " allocation from a backup"
    ),
    "allocation_refunds_add_up": "refunds are the history: mend what is named of these",
    "allocations_are_what_was_drawn": "compare with the movements; " + _BACKUP,
    "allocations_are_what_was_offered": (
        "the offer says another lot than was drawn: take the offer from a backup; the"
        " order itself goes on"
    ),
    "attempt_has_its_key": _CALLS,
    "attempt_has_its_message": _CALLS,
    "attempt_is_its_sends": _CALLS,
    "attempt_tells_its_parcel": _CALLS,
    "capture_booked": _MONEY,
    "capture_is_in_the_wallet": _GATEWAY,
    "capture_is_split_as_paid": _MONEY,
    "chargeback_booked": _MONEY,
    "chart_is_followed": "an event was altered: " + _BACKUP,
    "capture_knows_its_chargebacks": _GATEWAY,
    "capture_knows_its_returns": _GATEWAY,
    "catalog_is_as_changed": (
        "the kept changes are history: compare with them (`catalog history`), and"
        " change the field to what is true"
    ),
    "checkout_is_as_far_as_paid": (
        "look at which orders name the checkout: where some are gone, restore these"
        " first, then make a plan anew"
    ),
    "checkout_is_its_orders": "take what was planned for the checkout from a backup",
    "circuit_is_of_a_connection": "run the repair without a seller: it forgets it",
    "circuit_rests_briefly": "run the repair without a seller: it forgets it",
    "columns_follow_their_row": "the row cannot be read: " + _BACKUP,
    "connected_skus_follow_connections": (
        "several connections want the SKU: end all of them but one"
    ),
    "contact_keeps_its_versions": (
        "no copy of it is kept elsewhere: " + _BACKUP + ", or leave it as erased"
    ),
    "debt_is_settled_first": _MONEY,
    "erased_contact_is_forgotten": (
        "somebody wrote into it: empty every field of its address but the country"
    ),
    "delivered_in_order": (
        "ask the shop which tracking it shows; resend the newest by the order's page"
    ),
    "dispute_was_paid": (
        "compare the dispute's timeline with its refunds: take the one that was altered"
        " from a backup, or refund what is owed"
    ),
    "done_means_delivered": _CALLS,
    "external_id_is_unique": (
        _SHOP + " take the record from a backup or reconcile the store"
    ),
    "freight_refunded_within_paid": _HISTORY,
    "freight_refunds_add_up": _HISTORY,
    "conversation_has_its_subject": "take what it is about from a backup",
    "conversation_keeps_its_messages": (
        "take the messages from a backup; that they were written is history"
    ),
    "good_units_are_lots": (
        "ask the warehouse for the receipt, count the lot, and take receipt or movement"
        " from a backup"
    ),
    "goodwill_booked": _MONEY,
    "goodwill_is_for_an_order": "take the order with its events from a backup",
    "handling_refunded_within_paid": _HISTORY,
    "items_cost_what_was_offered": (
        "order and offer differ: the ledger shows what was paid; take the other from a"
        " backup"
    ),
    "its_salesman_is_there": "name the salesman again, or assign another",
    "help_is_wanted_while_it_waits": "close the call: `connections finish-help`",
    "its_order_is_there": (
        "take the order from a backup; a call for help about none is closed by staff"
    ),
    "its_store_is_there": (
        "take the store from a backup: its connection and secrets are kept nowhere else"
    ),
    "its_variant_is_there": _CATALOG,
    "its_warehouse_is_there": _CATALOG,
    "late_order_waits_still": (
        "where its events say so too, release the hold (`orders release`): the order is"
        " late with nothing"
    ),
    "label_has_its_order": "take the order from a backup; the label is paid for",
    "label_has_its_parcel": (
        "ask the carrier which number its label has, and compare with the order's"
        " timeline: label or parcel was altered, take it from a backup"
    ),
    "label_says_what_was_bought": "ask the carrier; " + _BACKUP,
    "lease_is_short": "stop the worker that has it, then make a plan anew",
    "ledger_balanced": _MONEY,
    "ledger_moves_as_its_purpose": _MONEY,
    "line_is_found_by_its_sku": "mend what is named of the order's events first",
    "line_is_its_items": "mend what is named of the order's events first",
    "local_stock_came_from_its_orders": (
        "movements are history: take the one that was altered from a backup, then let"
        " the seller count the variant"
    ),
    "local_stock_is_its_movements": (
        "a movement was lost or altered: " + _BACKUP + ", then let the seller count it"
    ),
    "local_stock_not_negative": "take the row from a backup, and let the seller count",
    "local_stock_serves_its_orders": (
        "order and movements differ: one of the two was altered. Take it from a backup"
    ),
    "lot_costs_what_was_paid": "compare with the ledger; " + _BACKUP,
    "lot_is_its_allocations": "compare with the movements; " + _BACKUP,
    "lot_is_its_movements": (
        "a movement was lost or altered: count the lot in the warehouse; " + _BACKUP
    ),
    "lot_is_where_it_was_counted": (
        "ask the warehouse where the units lie; receipts are history: take the one that"
        " was altered from a backup"
    ),
    "marked_label_is_open": (
        "ask the carrier whether the label was bought: take its row from a backup, then"
        " resolve it, which frees the units or sends them"
    ),
    "money_is_the_seller_s_currency": (
        "entries, top-ups and refunds are history: take what was altered from a backup;"
        " where everything differs, it is the seller's own row"
    ),
    "movement_has_its_lot": "take the lot from a backup; its movements are all there",
    "movements_are_what_orders_hold": (
        "a movement was lost or altered: ask the warehouse; " + _BACKUP
    ),
    "no_job_is_lost": "mend what is named of its message or connection first",
    "no_push_is_lost": (
        "a message with its key is elsewhere: " + _SHOP + " take it from a backup"
    ),
    "note_has_its_subject": "take the order, quote request or dispute from a backup",
    "nothing_ships_unpaid": _MONEY,
    "one_attempt_pays_a_checkout": (
        "ask the gateway what became of each, and resolve those that did not happen"
    ),
    "one_live_attempt": _CALLS,
    "order_has_its_contact": (
        "take the version from a backup, or ask the customer's address of the shop and"
        " correct it"
    ),
    "order_is_found_by_its_buyer": (
        "the words are those of the name and the email of the order's contact: write"
        " what is missing into order_buyer, and delete the rest; a repair would keep a"
        " person's name in its records"
    ),
    "order_marks_its_disputes": "mend what is named of the dispute's events first",
    "order_marks_its_labels": "mend what is named of the order's events first",
    "order_marks_its_parcels": (
        "take the parcel from a backup; the carrier's label has its number"
    ),
    "order_refunds_add_up": _HISTORY,
    "paid_is_what_was_offered": (
        "order and offer differ: the ledger shows what was paid; take the other from a"
        " backup"
    ),
    "paid_state_is_captured": _HISTORY,
    "parcel_has_one_label": (
        "ask the carrier which of the labels it has; take the other row from a backup"
    ),
    "parcel_is_where_its_tracking_says": (
        "what the carrier said is gone: ask the carrier, and record it again"
    ),
    "parcel_told_as_it_is": (
        "ask the carrier which number is right, and " + _SHOP + " correct the parcel:"
        " that tells the shop anew"
    ),
    "parcels_are_what_shipped": (
        "the order's timeline has what each parcel holds: take the parcel from a backup"
    ),
    "parts_are_numbered": _SHOP + " reconcile the store",
    "payment_has_its_checkout": (
        "take the checkout from a backup; the money of the attempt is in the wallet"
    ),
    "payment_is_booked_once": (
        "ask the gateway which attempt it moved that for, and take the other's money"
        " from the wallet, or return it there"
    ),
    "payment_says_what_was_moved": _GATEWAY,
    "plan_has_its_checkout": (
        "take the checkout from a backup; orders that it paid stay paid"
    ),
    "product_is_found_by_its_words": "run the repair without a seller: it writes them",
    "push_has_its_order": _BACKUP,
    "push_says_what_its_key_names": _CALLS,
    "receipts_add_up": (
        "ask the warehouse for its receipt: receipts are history, take the one that is"
        " lost or altered from a backup"
    ),
    "refund_booked": _MONEY,
    "refund_has_its_dispute": (
        "refunds are history: take the refund or the dispute from a backup"
    ),
    "refund_is_its_parts": _HISTORY,
    "refunded_within_captured": _HISTORY,
    "replay_is_stored": (
        "its events say something else than everything around it: an event was altered."
        " Read its timeline, and take the event from a backup"
    ),
    "reservation_is_of_one_payment": (
        "ask the gateway which attempt it reserved that for, and take the other's money"
        " from the wallet, if it was captured"
    ),
    "reship_was_granted": (
        "an order sends units again that no dispute granted so, or a dispute names one"
        " that is not there: take the one that was altered from a backup"
    ),
    "returned_units_are_lots": (
        "units that came back are in no lot, or a lot has more than came back: take the"
        " lot or the order's row from a backup"
    ),
    "row_has_its_order": "take the order with its events from a backup",
    "seller_is_there": "take the seller's row from a backup; do not register it anew",
    "sequence_without_gaps": "events are lost or altered: take them from a backup",
    "shipped_within_ordered": "mend what is named of the order's events first",
    "shop_gets_what_it_wants": _SHOP + " reconcile the store, or decide the difference",
    "state_is_known": "mend what is named of its events first",
    "stock_count_is_its_movements": (
        "a count, or a movement that it made, was altered: take it from a backup, or"
        " count once more and take what is left as lost"
    ),
    "stock_keeps_its_variant": "take the lot from a backup",
    "stock_level_adds_up": "mend what is named of receipts and orders first",
    "store_line_stands_once": _SHOP + " reconcile the store",
    "store_order_is_recorded": _SHOP + " sync the store anew",
    "stored_can_be_read": "the words say which column: take the row from a backup",
    "stream_has_its_row": (
        "its events are not whole, so no row can be made of them: take both from a"
        " backup"
    ),
    "superseded_means_told_anew": _SHOP + " correct the parcel: that tells it anew",
    "tab_counts_are_counts": "mend what is named of the orders first",
    "told_is_forgotten": "set the days of the store anew: all that is kept follows",
    "token_is_forgotten": ("delete the token from the row: no call needs it any more"),
    "top_up_booked": _MONEY,
    "top_up_was_captured": _GATEWAY,
    "tracking_is_of_a_parcel": "take the parcel from a backup",
    "variant_has_its_product": _CATALOG,
    "variant_is_found_by_its_sku": "another variant has that SKU: discontinue one",
    "waiting_is_short": "make a plan anew",
    "wallet_is_its_entries": _MONEY,
    "wallet_not_negative": _MONEY,
    "warehouse_fee_is_possible": (
        "add the warehouse again, with the fee that was agreed: that changes it"
    ),
    "withdrawal_booked": _MONEY,
    "worker_lived_forward": "run the repair without a seller: it forgets it",
}
