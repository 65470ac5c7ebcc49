from linear import LinearModule
from softmax import *
