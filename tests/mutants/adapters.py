"""
Break each adapter in one line, and run its suite: `python
tests/mutants/adapters.py [17track | corner | karrio | medusa | procrastinate |
shopify | stripe | vendure | woocommerce]`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Adapter -> file, what stands there once, and what it is broken to.
BREAKS = {
    "17track": [
        ("client.py", 'if said["code"]:', "if False:"),
        (
            "client.py",
            "is_same and (not self.code or said.get",
            "(not self.code or said.get",
        ),
        ("client.py", "if code in {_REGISTERED_ALREADY, _NOTHING_YET}:", "if False:"),
        ("client.py", "if code == _FAILED:", "if False:"),
        ("client.py", "-18019908: (", "-1: ("),
        (
            "tracker.py",
            "for place, answer in zip(taken",
            "for place, answer in zip(places",
        ),
        ("tracker.py", "        if self._config.registers:\n", "        if True:\n"),
        ("tracker.py", 'body + b"/" +', "body +"),
        ("tracker.py", "if not hmac.compare_digest(", "if hmac.compare_digest("),
        (
            "tracker.py",
            'key=f"{at.isoformat()} {word} {said[:16]}"',
            'key=f"{word} {said[:16]}"',
        ),
        ("tracker.py", " {said[:16]}", ""),
        ("tracker.py", "if at.tzinfo is not None:", "if True:"),
        ("tracker.py", "found[fact.key] = fact", "found[str(len(found))] = fact"),
        ("words.py", "whole, _, _ = word.partition", "_, _, whole = word.partition"),
        (
            "words.py",
            '"Exception_Lost": _is(TrackingStatus.LOST)',
            '"Exception_Lost": None',
        ),
        ("config.py", 'parts.scheme != "https"', "False"),
    ],
    "karrio": [
        ("amounts.py", "text = repr(value)", 'text = f"{value:.2f}"'),
        (
            "amounts.py",
            "if Decimal(amount.decimal_text) != Decimal(text):",
            "if False:",
        ),
        ("amounts.py", "    if is_rounded:", "    if False:"),
        ("asking.py", "    if call.failed is not None:", "    if False:"),
        ("asking.py", "    if not exchanges:\n", "    if False:\n"),
        (
            "asking.py",
            "    if exchanges[-1].status >= HTTPStatus.BAD_REQUEST:\n        return",
            "    if False:\n        return",
        ),
        ("asking.py", "hidden = (*self._private, *private)", "hidden = ()"),
        ("asking.py", "None if self.details else failure_of", "failure_of"),
        ("carrier.py", "        check(told)\n", ""),
        ("config.py", "factory=dict, repr=False, validator", "factory=dict, validator"),
        ("consignments.py", '"reference": key,', '"reference": request.number,'),
        ("consignments.py", "<= _UNION", "<= set()"),
        ("consignments.py", "kilograms(unit.weight_grams),", "0.0,"),
        ("easypost.py", "and exchange.path.endswith(_BUY)", "and True"),
        ("easypost.py", "if status not in _VOID | _NOT_VOID:", "if False:"),
        ("easypost.py", "return status in _VOID", "return True"),
        ("easypost.py", '"pre_transit": TrackingStatus.PENDING', '"pre": None'),
        (
            "failures.py",
            "if isinstance(error, UnknownOutcomeError | ProtocolError):",
            "if True:",
        ),
        (
            "failures.py",
            "_CODE_UNAUTHORIZED.fullmatch(one.code)",
            "_CODE_UNAUTHORIZED.search(one.words)",
        ),
        ("files.py", "if file.stat().st_mtime < than.timestamp():", "if False:"),
        ("files.py", 'or ".." in self._below.parts', ""),
        ("files.py", "if content.lstrip().startswith(beginning):", "if content:"),
        (
            "gateways.py",
            "if wrong := sorted(given.keys() - fields.keys()):",
            "if wrong := 0:",
        ),
        ("labels.py", "if not _REFERENCE.fullmatch(reference):", "if False:"),
        ("labels.py", "            self._files.forget(reference)", "            pass"),
        ("carrier.py", "        self._labels.forget(reference)", "        pass"),
        ("labels.py", "if config.customs is None:", "if False:"),
        (
            "quotes.py",
            "if told.exchanges and not told.details",
            "if False and not told.details",
        ),
        ("quotes.py", "if currency != request.currency:", "if False:"),
        (
            "quotes.py",
            "return int(told), int(told)",
            "return service.days_min, service.days_max",
        ),
        (
            "sales.py",
            "if any(one.code in self._config.void_codes for one in told.messages):",
            "if False:",
        ),
        (
            "sales.py",
            "return perhaps_done(failure) if may_be_done else failure",
            "return failure",
        ),
        ("sales.py", "if told.is_refused and may_be_done else no", "if False else no"),
        ("sales.py", "None if told.is_refused else self._own", "None and self._own"),
        ("sdk.py", "ssl._create_default_https_context = certificates", "pass"),
        (
            "sdk.py",
            "                _only_installed(importlib",
            "                str(importlib",
        ),
        ("sdk.py", '    loguru.disable("karrio")', "    pass"),
        ("sdk.py", "logger.remove = logger.add = lambda *_, **__: 0", "pass"),
        ("tracking.py", "told.replace(tzinfo=zone)", "told"),
        ("tracking.py", "if details.tracking_number == number:", "if True:"),
        ("tracking.py", "if code in self._statuses:", "if False:"),
        ("tracking.py", "str(event.code or status)", '""'),
        ("wire.py", "            if self.failed is not None:", "            if False:"),
        (
            "wire.py",
            'if parts.scheme != "https" and host not in self._private:',
            "if False:",
        ),
        ("wire.py", "raise _without(url, host, error) from None", "raise"),
        ("wire.py", "submit(copy_context().run, fn,", "submit(fn,"),
        ("wire.py", "        if call is None:", "        if False:"),
        (
            "words.py",
            'line = re.sub(re.escape(value.strip()), "...", line',
            'line = re.sub("$^", "...", line',
        ),
        ("words.py", '_PERSONAL.sub("...", line)', "line"),
    ],
    "medusa": [
        ("feed.py", 'items[0]["id"] != place.last', "False"),
        ("feed.py", '"id" if place.is_crowded else "updated_at"', '"updated_at"'),
        ("feed.py", "_text(_time(newest) - OVERLAP)", "_text(_time(newest) + OVERLAP)"),
        ("feed.py", "_time(newest) <= _time(place.since)", "False"),
        ("orders.py", "told = self._of_payments(part.items)", "pass"),
        (
            "orders.py",
            "since = earlier(self._payments.newest())",
            'since = "2999-01-01"',
        ),
        ("orders.py", 'found.get("is_draft_order")', "False"),
        ("snapshots.py", 'or bool(told["canceled_at"])', "or False"),
        (
            "snapshots.py",
            '_sum(asked, "captured_amount"), currency)',
            "wanted, currency)",
        ),
        ("snapshots.py", "yield _time(payment[", "_time(payment["),
        ("snapshots.py", 'is_gone or one["status"] != CANCELLED', "True"),
        ("snapshots.py", '_exact(told["total"]) / kept if kept > 0', "1 / kept if 0"),
        ("snapshots.py", "min(gone, max(quantity - sent, 0))", "gone"),
        ("parcels.py", "not is_shipped(one), str", "str"),
        ("parcels.py", "in known", "is not None"),
        ("parcels.py", 'get("carrier") != notice.carrier', 'get("carrier") == ""'),
        ("products.py", "== _SOLD else []", "else []"),
        ("products.py", '"offset": str(window.offset)', '"offset": "0"'),
        ("parcels.py", 'if not one["canceled_at"]', "if True"),
        ("telling.py", "if not self._correct(order, parcel):", "if True:"),
        ("telling.py", "if is_shipped(self._found(parcel)[0]):", "if False:"),
        (
            "telling.py",
            "            self._cancel(parcel, fulfilment)",
            "            pass",
        ),
        ("telling.py", 'or one["id"] not in before', "or False"),
        ("telling.py", "if has_left or one", "if one"),
        ("client.py", "if reply.status == _CONFLICT:", "if False:"),
        ("stock.py", '* _whole(item["required_quantity"]) + reserved', "+ 0"),
        ("stock.py", "is_new=not there", "is_new=False"),
        ("access.py", "if missing:", "if False:"),
    ],
    "procrastinate": [
        ("background.py", "queueing_lock=full,", "queueing_lock=None,"),
        ("background.py", "lock=lock, queueing_lock=waits", "queueing_lock=waits"),
        ("background.py", "waits if connection is None else None", "waits"),
        (
            "background.py",
            "worker.do(step, only=only, claimant=claimant, stop=stop)",
            "worker.do(step, claimant=claimant, stop=stop)",
        ),
        ("background.py", "only=only, claimant=claimant,", "only=only,"),
        ("background.py", "claimant, stop=stop)", "claimant)"),
        ("background.py", "            connection=connection,\n", ""),
        ("background.py", "if job.task_name == lane:", "if False:"),
        ("background.py", "        self._add_taking_up()\n", ""),
        (
            "background.py",
            "if stalled_after < timedelta(seconds=2 * heartbeat):",
            "if False:",
        ),
        ("errors.py", 'failed: {error}")', 'failed")'),
        ("locks.py", "None if only == _OUR_OWN else ", ""),
        ("periods.py", "_IN_A_MINUTE % seconds == 0", "True"),
        ("process.py", "            is_over.set()\n", ""),
        ("process.py", "            worker.end()\n", ""),
        ("stalled.py", "await recover(job)", "pass"),
        ("stalled.py", "await app.job_manager.retry_job(job)", "pass"),
        ("stalled.py", "except UniqueViolation:", "except KeyError:"),
        ("stalled.py", "job.task_name in names", "True"),
        ("stalled.py", "alive is None or job.worker_id != alive", "True"),
    ],
    "shopify": [
        ("orders.py", "astimezone(UTC) - OVERLAP", "astimezone(UTC) + OVERLAP"),
        ("orders.py", "updated_at:>='{since}'", "updated_at:<='{since}'"),
        ("orders.py", 'told["pageInfo"]["endCursor"], newest', "'', newest"),
        ("snapshots.py", '!= "RETURN"', '!= "CANCEL"'),
        ("snapshots.py", "not in UNPAID", "in UNPAID"),
        ("snapshots.py", "quantity_fulfilled=sent[name]", "quantity_fulfilled=0"),
        ("snapshots.py", 'told["legacyResourceId"]', 'told["id"]'),
        ("fulfilling.py", "if found := told_of(", "if found := 0 and told_of("),
        ("fulfilling.py", "return found if is_right else []", "return found"),
        ("products.py", 'not in {"DRAFT", "ARCHIVED"}', "not in {}"),
        ("products.py", 'info["endCursor"] or ""', '""'),
        ("fulfilling.py", 'if one["status"] == LIVE', 'if one["status"]'),
        ("fulfilling.py", "return self._correct(earlier, parcel)", "return ''"),
        ("fulfilment_orders.py", 'item["remainingQuantity"])', "10**6)"),
        ("fulfilment_orders.py", "if not self.config.releases_holds:", "if False:"),
        ("client.py", '"THROTTLED" in codes', '"SLOW" in codes'),
        ("client.py", 'if given["userErrors"]:', "if False:"),
        ("webhooks.py", "if not any(right):", "if False:"),
        ("webhooks.py", "if shop != config.shop:", "if False:"),
        ("access.py", "if topic not in had:", "if True:"),
        ("stock.py", "if len(nodes) == 1:", "if nodes:"),
        ("stock.py", "del left[place]", "left.clear()"),
        ("stock.py", "str(uuid.uuid4())", '"key"'),
        ("stock.py", 'if not item["tracked"]:', "if False:"),
        ("bulk.py", "offset + used, is_last", "offset + len(piece), is_last"),
        ("bulk.py", 'error["code"] in _BUSY', "False"),
        ("bulk.py", 'if told["status"] != "COMPLETED":', "if False:"),
        ("bulk_lines.py", "tuple(groups[:-1]), used", "tuple(groups), len(piece)"),
        ("bulk_lines.py", 'if group["refunds"]:', "if False:"),
        ("bulk_lines.py", 'told["__parentId"] != groups[-1]["id"]', "False"),
        ("orders.py", "_Place(_earlier(part.begun_at), newest", "_Place('', newest"),
    ],
    "stripe": [
        ("amounts.py", "told * _power(-shift), _power(shift)", "told, 1"),
        ("amounts.py", "if amount.minor % step:", "if False:"),
        ("client.py", "statuses={_CONFLICT: UnknownOutcomeError}", "statuses={}"),
        ("client.py", "if n.lower() in _SENT", ""),
        ("client.py", "if page.data[0] == before.data[0]:", "if False:"),
        ("client.py", "        if not page.has_more:", "        if True:"),
        ("client.py", "        _be_quiet()", "        pass"),
        ("config.py", 'parts.scheme == "http" and', ""),
        ("disputes.py", "dispute.status not in _OURS and is_away", "is_away"),
        ("disputes.py", "if not dispute.status.startswith(_INQUIRY)", ""),
        ("disputes.py", "moves) < 0", "moves) != 1"),
        ("disputes.py", "found[::-1]", "found"),
        ("failures.py", "DeclinedError if is_write else", "DeclinedError or"),
        (
            "failures.py",
            "is_write=is_write) from None",
            "is_write=is_write) from error",
        ),
        ("failures.py", "if isinstance(error, stripe.IdempotencyError):", "if False:"),
        ("failures.py", '_PERSONAL.sub("...", text)', "text"),
        ("finding.py", "(now - self._looks_back)", "(now + self._looks_back)"),
        ("finding.py", "if records.named(intent, CAPTURE)", "if 0 and (CAPTURE)"),
        ("finding.py", "is not PaymentOutcome.DECLINED", "is not None"),
        ("names.py", "if not _ID.fullmatch(text) or not", "if not"),
        ("paying.py", '"capture_method": "manual"', '"capture_method": "automatic"'),
        (
            "paying.py",
            "            _is_in(amount, intents",
            "            (amount, intents",
        ),
        ("paying.py", "            _is_in(amount, v1", "            (amount, v1"),
        ("paying.py", "if is_other or record.reference != reference:", "if False:"),
        ("paying.py", 'params["error_on_requires_action"] = True', "pass"),
        (
            "payouts.py",
            "fee = moved.source, max(moved.fee, 0)",
            "fee = moved.source, moved.fee",
        ),
        ("payouts.py", "_money(moved.net + fee", "_money(moved.net"),
        ("payouts.py", "if one.type != _ITSELF", ""),
        ("payouts.py", '"status": "paid",', ""),
        ("payouts.py", "-int(-since.timestamp() // 1)", "int(since.timestamp())"),
        ("records.py", "intent.amount_received, intent", "intent.amount, intent"),
        ("records.py", '    "failed": _NO,', '    "failed": _DONE,'),
        ("records.py", "if outcome is _PENDING else", "if False else"),
        (
            "webhooks.py",
            "hmac.compare_digest(m.encode(), t) for",
            "len(m) == len(t) for",
        ),
        (
            "webhooks.py",
            'signed = times[0].encode() + b"." + body',
            'signed = b"." + body',
        ),
        ("webhooks.py", "> TOLERANCE.total_seconds()", "> 10**9"),
        ("webhooks.py", "if name == _SCHEME", ""),
        ("webhooks.py", ".startswith(_OURS)", ".strip()"),
    ],
    "vendure": [
        ("orders.py", 'str(items[0]["id"]) != place.last', "False"),
        ("orders.py", "_text(last - _JUST)", "_text(last + OVERLAP)"),
        ("orders.py", 'not told["orderPlacedAt"]', "False"),
        ("orders.py", '{"isNull": False}', '{"isNull": True}'),
        ("snapshots.py", 'told["state"] == CANCELLED', "False"),
        ("snapshots.py", "not in {CANCELLED, *NOT_SENT}", "not in {CANCELLED}"),
        ("snapshots.py", "refunded[name] - cancelled", "refunded[name]"),
        ("snapshots.py", "quantity_fulfilled=sent[name]", "quantity_fulfilled=0"),
        ("snapshots.py", ".scaleb(-decimals)", ".scaleb(-1)"),
        ("snapshots.py", 'told["proratedUnitPriceWithTax"]', "100"),
        ("fulfilling.py", "            if not found:", "            if True:"),
        ("fulfilling.py", 'one["method"] != notice.carrier', "False"),
        ("products.py", 'told["enabled"] and', ""),
        ("products.py", "skip=window.offset", "skip=0"),
        ("fulfilling.py", "self._finish(found[0])", "pass"),
        ("fulfilling.py", "if is_ours or is_spare:", "if False:"),
    ],
    "woocommerce": [
        ("orders.py", 'str(items[0]["id"]) != place.last', "False"),
        ("orders.py", "last - _SECOND", "last + _SECOND"),
        ("orders.py", 'params["modified_after"]', 'params["after"]'),
        ("orders.py", 'if one["status"] not in DRAFTS:', "if True:"),
        ("snapshots.py", "abs(int(", "(int("),
        ("snapshots.py", "min(refunded[name], left)", "refunded[name]"),
        ("snapshots.py", "tzinfo=UTC", "tzinfo=UTC, hour=1"),
        ("snapshots.py", "cancelled=status in _CANCELLED", "cancelled=False"),
        ("parcels.py", 'if order["status"] == "completed":', "if False:"),
        ("products.py", 'if one["status"] == _SOLD', ""),
        ("products.py", '"status": _SOLD,', ""),
        ("telling.py", "notice.idempotency_key in known.keys:", "False:"),
        ("telling.py", "for name in sorted(gone)]", "for name in ()]"),
        ("telling.py", 'body["status"] = "completed"', "pass"),
        ("telling.py", 'any(note["note"] == words for note in known)', "False"),
        ("oauth.py", 'f"{secret}&"', 'f"{secret}"'),
        ("oauth.py", "sorted((_escape", "list((_escape"),
        ("webhooks.py", "if not hmac.compare_digest(", "if hmac.compare_digest("),
        ("webhooks.py", 'elif had["status"] != "active":', "elif False:"),
        ("webhooks.py", "if not topic and body.startswith(_PING)", "if not topic"),
    ],
    "corner": [  # as whoever writes a first shop may: its suite is the contract
        ("orders.py", 'str(told["id"])', 'str(int(told["id"]))'),
        ("orders.py", 'mat(told["changed_at"])', 'mat(told["changed_at"][:19])'),
        ("orders.py", 'mat(told["placed_at"])', 'mat(told["placed_at"][:19])'),
        ("orders.py", "Money.parse(", "(lambda t, c: Money(int(float(t) * 100), c))("),
        ("orders.py", 'sku=told["sku"]', 'sku=told["sku"].upper()'),
        ("orders.py", 'paid_at_store=told["is_paid"]', "paid_at_store=True"),
        ("orders.py", 'told["status"] == "cancelled"', "False"),
        ("orders.py", 'external_line_id=told["id"]', 'external_line_id=told["sku"]'),
        ("orders.py", 'told["quantity_sent"]', "0"),
        ("shop.py", '"offset": str(window.offset)', '"offset": "0"'),
        ("shop.py", 'params["changed_since"] =', 'params["changed_since"] = "3" +'),
        (
            "shop.py",
            'Listed(told["orders"], told["has_more"])',
            'Listed(told["orders"], False)',
        ),
        (
            "shop.py",
            'told["orders"], told["has_more"]',
            'told["orders"], len(told["orders"]) == window.count',
        ),
        (
            "shop.py",
            'found.read(lambda told: Listed(told["orders"]',
            '(lambda told: Listed((told or {}).get("orders", [])',
        ),
        (
            "shop.py",
            'self._api.path("orders", external_id)',
            'f"/orders/{external_id}"',
        ),
        ("shop.py", '"parcels", key)', '"parcels", notice.parcel_id)'),
        ("shop.py", '"instead_of": notice.replaces_reference', '"instead_of": ""'),
        ("shop.py", '.needed("telling a parcel")', ""),
        (
            "shop.py",
            'reply.read(lambda said: str(said["reference"]))',
            'reply.json()["reference"]',
        ),
        ("shop.py", "external_line_id: line.quantity", "external_line_id: 1"),
        ("shop.py", "self._tell(notice, {})", 'self._tell(notice, {"0": 1})'),
        ("shop.py", "transport=transport", "transport=None"),
        ("shop.py", "self._listed(Window(count=1))", "pass"),
    ],
}
# Where an adapter and its tests are, if not among the plugins.
HOMES = {"corner": ROOT / "examples" / "shop"}


def is_caught(adapter, file, old, new):
    """
    Break one line in a copy, and tell whether a test turns red.
    """
    home = HOMES.get(adapter, ROOT / "plugins" / f"sourcehere-{adapter}")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(home / "src", folder, dirs_exist_ok=True)
        path = Path(folder) / f"sourcehere_{adapter}" / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{file}: {old!r} is there {text.count(old)} times"
        path.write_text(text.replace(old, new), "utf-8")
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
        if adapter in HOMES:  # its own folder is not to come before the copy
            command += ["-o", f"pythonpath={folder} tests"]
        done = subprocess.run(
            [*command, str(home / "tests")],
            check=False,
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=300,
            env={**os.environ, "PYTHONPATH": folder},
        )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.returncode == 1


def main():
    """
    Print each break, and whether it was caught; end with 1 if one was not.
    """
    missed = 0
    for adapter in sys.argv[1:] or BREAKS:
        for file, old, new in BREAKS[adapter]:
            caught = is_caught(adapter, file, old, new)
            missed += not caught
            word = "red" if caught else "NOT CAUGHT"
            print(f"{adapter} {file}: {old} -> {new or 'nothing'}: {word}", flush=True)
    sys.exit(int(missed > 0))


if __name__ == "__main__":
    main()
