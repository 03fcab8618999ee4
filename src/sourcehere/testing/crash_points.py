"""
The points between two durable steps, where a process may die: each has a name.

A step is a commit, or a call that happened outside. The tests of concurrency let a
process die after each of them, begin anew, and hold that nothing is half done; and that
no step which another follows is missing here.
"""

from collections.abc import Mapping

AFTER: Mapping[str, str] = {
    "a plugin was told": "a plugin heard of an event, and that is not kept yet",
    "a carrier was asked": "a carrier told where parcels are, and nothing is kept yet",
    "a carrier sold a label": "a label is paid for, and nothing of it is kept yet",
    "a carrier voided a label": "a label costs nothing any more, which nobody knows",
    "a gateway moved money": "a card is charged or paid back, and nobody knows",
    "the shop was asked": "a shop answered, and nothing of it is kept yet",
    "the shop was told": "a shop has a parcel's number, and that is not kept yet",
    "gateways.asking._credited": "what was captured is in the wallet, or has paid",
    "gateways.asking._look_for_chargebacks": "what a bank took back is kept",
    "gateways.asking._found": "what was returned did not arrive, which is kept",
    "gateways.asking._moved": "what did not succeed is kept as such",
    "gateways.asking._pending": "a payer has to decide, which is kept",
    "gateways.asking._succeeded": "money is reserved, or went back, which is kept",
    "gateways.asking._ask_again": "a payment is asked about again, with no answer yet",
    "gateways.circuits.judge": "how a gateway answered is kept, and no money yet",
    "gateways.hints.receive": "a gateway's webhook is kept, and nobody was asked",
    "gateways.payments.pay": "what is to pay a checkout is kept, and nobody was asked",
    "gateways.payments.top_up": "what is to be charged is kept, and nobody was asked",
    "gateways.payments.withdraw": "what is to go back is held, and nobody was asked",
    "gateways.running._heard": "what a gateway told of was asked about",
    "intake.connections_of_stores.connect": "a shop is connected again",
    "intake.connections_of_stores.move": "a shop rests, or goes on",
    "intake.connections_of_stores.change": "a shop is reached otherwise",
    "intake.connections_of_stores.pause_unauthorized": "a shop is paused",
    "intake.fetching.take_in": "an order that was asked for is taken in",
    "intake.following._take": "a webhook's event is due again later",
    "intake.following._follow": "a webhook's event about no order is followed",
    "intake.following._read_soon": "a shop is due to be read at once",
    "intake.forgetting._forget": "some of what shops said long ago is gone",
    "intake.inbox.receive": "a webhook is kept, and nothing followed of it",
    "intake.missing._hold": "some orders that a shop lists no more are held",
    "intake.not_ours.mark": "it is not ours, and orders have it still",
    "intake.not_ours.follow": "it has left some orders",
    "intake.pulling._note": "a shop that cannot be read says why",
    "intake.pulling._take": "a shop is due later, and was not read yet",
    "intake.subscribing._change": "a shop was told of an address, which is kept",
    "intake.stores._commit": "a page of a shop is taken in, with where to go on",
    "outside.beating.beat": "a worker says that it lives, and its round goes on",
    "outside.jobs.do": "a job is done, and its message not ended",
    "outside.jobs.fold_tabs": "counts of tabs are folded, no message ended",
    "outside.recording._commit": "what became of some messages is kept",
    "outside.relay.recover": "what a dead worker left waits again",
    "outside.relay.discard": "a dead message is given up, and its lane may rest",
    "outside.relay.resend": "a dead message waits again, and its lane may rest",
    "outside.running._claim": "messages are leased, dead workers' too; none was sent",
    "outside.running._claim_keeping": "what was delivered is kept, and more is leased",
    "outside.running._end_jobs": "messages of jobs are ended",
    "pairing.connections.drop_variant": "its rules are gone, and orders have them",
    "pairing.connections.change": "it is another, and no order follows it",
    "pairing.connections.remove": "it is gone, and orders have it still",
    "pairing.line_pairing.correct": "it pairs otherwise, and no other order follows it",
    "pairing.connections.try_waiting": "some orders that waited are paired",
    "pairing.following.follow": "some orders follow their connection",
    "pairing.following.let_go": "some orders have let go of their connection",
    "paying.paying._pay_each": "some orders of a checkout are paid",
    "platform.clocks._fire_due": "some deadlines have fired",
    "platform.lacking.follow": "some orders are held for what cannot be bought",
    "platform.upserting._do": "some rows of a file are in the catalogue",
    "repair.repair._do_one": "what a plan says is written for some sellers",
    "sending.asking_carriers._ask_hints": "what a carrier told of is asked for",
    "sending.asking_carriers._ask_next": "a walk is behind parcels not asked for yet",
    "sending.carrier_circuits.judge": "how a carrier answered is kept, no fact yet",
    "sending.hints.receive": "a carrier's webhook is kept, and nobody was asked",
    "sending.label_buying.buy": "what is to be bought is kept, and nobody was asked",
    "sending.label_buying.void": "a label is to be voided, and nobody was asked",
    "sending.label_buying.take_up": "a label is asked about again, with no answer yet",
    "sending.label_buying._sold": "a label and its parcel are kept",
    "sending.label_buying._not_sold": "a label that was not bought is kept as such",
    "sending.label_buying._go_on_voiding": "it is kept whether a label is void",
    "sending.shipping.accept": "some items of a bulk command are done",
    "sending.tracking.record": "what was said of some parcels is kept",
}
"""
Step -> what is so after it, and before the next one. A step within the library is named
by its room, file and method.
"""

BY_ITSELF: Mapping[str, str] = {
    "intake.inbox._bury": "only where a row cannot be read, which the audit names",
    "intake.sameness.keep_name": "the last step of a sync; else all is read again",
    "intake.sameness.told_the_same": "the only step of a sync that finds nothing new",
    "outside.claiming.renew": "a thread renews leases beside every other step",
    "outside.recording._give_up": "only where a result itself cannot be kept",
    "outside.set_back.make_due": "only where a clock was set back; due is due twice",
    "platform.copying.copy_rows": "one transaction, in a database of its own",
}
"""
Commits that are no step of anything -> why.
"""
