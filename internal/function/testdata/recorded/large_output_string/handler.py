def handler(event, context):
    return b'"' + b"a" * (257 * 1024) + b'"'
