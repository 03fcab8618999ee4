"""
The invoices.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    """
    Make the table.
    """

    initial = True
    operations = [  # noqa: RUF012 - as Django declares it
        migrations.CreateModel(
            name="Invoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("order_id", models.CharField(max_length=64, unique=True)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
            ],
        ),
    ]
