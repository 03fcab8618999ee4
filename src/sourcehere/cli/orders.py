"""
`sourcehere orders`: its commands, by what they are about.
"""

from cyclopts import App

from . import (
    order_export,
    order_lists,
    order_many,
    order_modes,
    order_money,
    order_pairing,
    order_search,
    order_sending,
    order_steps,
    parcel_files,
    pay,
)

app = App(name="orders")

app.command(order_lists.list_page, name="list")
app.command(order_search.search)
app.command(order_export.export)
app.command(order_lists.counts)
app.command(order_lists.show)
app.command(order_lists.why_not)

app.command(order_pairing.connect_sku)
app.command(order_pairing.disconnect_line)
app.command(order_pairing.follow_connection)
app.command(order_pairing.process_paired)
app.command(order_pairing.take_over)
app.command(order_pairing.ignore)
app.command(order_pairing.restore)
app.command(order_pairing.confirm)

app.command(order_steps.ship_method)
app.command(order_steps.address)
app.command(order_steps.erase_buyer)
app.command(order_steps.hold)
app.command(order_steps.release)
app.command(order_many.hold_many)
app.command(order_many.release_many)
app.command(order_steps.note)
app.command(order_steps.cancel)

app.command(pay.pay)

app.command(order_many.accept)
app.command(order_many.reject)
app.command(order_sending.ship)
app.command(parcel_files.ship_many)
app.command(order_sending.short_ship)

app.command(order_modes.modes)
app.command(order_money.refund_units)
app.command(order_money.refund_all)
app.command(order_money.request_cancel)
app.command(order_money.give_up)
