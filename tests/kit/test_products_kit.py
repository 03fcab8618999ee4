"""
The contract of products, on an adapter that keeps it, and on the shop in memory.
"""

from sourcehere.testing.kit import ProductsContract, ProductServer, ServerProducts


class TestServerProducts(ProductsContract):
    """
    The adapter of the server in memory.
    """

    def make_lab(self):
        """
        Make a server.
        """
        return ProductServer(ServerProducts)
