"""A package whose tasks import each other relatively."""
