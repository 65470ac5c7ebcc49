import numpy as np


class LinearModule(object):
    """Linear module."""

    def __init__(self, in_features, out_features, input_layer=False):
        """Initializes the parameters of the module."""
        #######################
        # PUT YOUR CODE HERE  #
        #######################

        #######################
        # END OF YOUR CODE    #
        #######################

    def forward(self, x):
        """Forward pass."""
        #######################
        # PUT YOUR CODE HERE  #
        #######################

        #######################
        # END OF YOUR CODE    #
        #######################

        return out

    def backward(self, dout):
        """Backward pass."""
        #######################
        # PUT YOUR CODE HERE  #
        #######################

        #######################
        # END OF YOUR CODE    #
        #######################

        return dx

    def clear_cache(self):
        """Set any caches used to None."""
        #######################
        # PUT YOUR CODE HERE  #
        #######################

        #######################
        # END OF YOUR CODE    #
        #######################
        pass
