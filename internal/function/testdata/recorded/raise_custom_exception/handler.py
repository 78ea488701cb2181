class CustomException(Exception):
    """Has a message, and no arguments."""

    def __init__(self):
        self.message = "CustomException message"


def handler(event, context):
    raise CustomException()
