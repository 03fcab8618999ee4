"""
The contract of a payment gateway: subclass `PaymentContract`, fill in one method.

```python
class TestMyGateway(PaymentContract):
    def make_lab(self):
        return MyLab()
```

A lab is a gateway with a back door (`PaymentLab`): a test server of yours, or the
sandbox of the real one, with what reads a card's statement without the adapter.
"""

from .guard import Guarded
from .payment_failing import PaymentFailingContract
from .payment_machine import PaymentMachineContract
from .payment_paying import PaymentPayingContract


class PaymentContract(
    PaymentPayingContract, PaymentFailingContract, PaymentMachineContract, Guarded
):
    """
    Every sentence of `sourcehere.ports.payments` that can be tried from outside.

    Attributes:
        currencies: What the account takes; with and without minor units.

        takes_at_once: Whether it reserves nothing. The two tests that take a part of
            what is reserved are left out then.

        left_out: Name of a test -> why this gateway cannot pass it. Set the test to
            None in your class as well.
    """
