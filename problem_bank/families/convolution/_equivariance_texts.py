"""The texts of convolution.equivariance."""

LAYERS = {
    "plain": "a convolution with this kernel (not flipped), stride 1 and no padding",
    "padded": "a convolution with this kernel (not flipped), stride 1 and one zero added at each end",
    "strided": "a convolution with this kernel (not flipped), stride 2 and no padding",
    "strided_padded": "a convolution with this kernel (not flipped), stride 2 and one zero added at each end",
    "pooling": "max pooling over windows of 2 with stride 2, without padding",
}

PROMPT = r"""
The signal is $x = {{ x }}${% if w %} and the kernel $w = {{ w }}${% endif %}. The layer $f$ is {{ layer }}. Only
windows that fit count.

Shifting **to the right** by $s$ moves every entry $s$ places on; what leaves on the right is lost, and zeros come in on
the left. The input is shifted by {{ by }}: $T x$. The output is shifted by {{ out_by }}: $T' f(x)$.
{% if stride > 1 and by == stride %}
(The stride is {{ stride }}, so one place of the output stands for {{ stride }} of the input.)
{% endif %}
""".strip()

PART = {
    "shift_first": "Shift first: $f(T x)$.",
    "layer_first": "Shift afterwards: $T' f(x)$.",
    "difference": "The difference $f(T x) - T' f(x)$, which is zero where the two agree.",
}

SAID = {
    "wrapped": "You let the signal run around the end; here what leaves is lost, and zeros come in.",
    "to_the_left": "You shifted to the left.",
    "not_shifted": "You did not shift: invariance would mean that. With equivariance, the output moves along.",
    "flipped": "You flipped the kernel; here it slides as it is printed.",
    "stride_one": "You moved the window by one place; the stride is larger.",
    "everywhere": "You claimed equivariance without a look at the numbers: borders and strides may break it.",
    "swapped": "You subtracted the other way round.",
    "added": "You added the two; subtract the second from the first.",
}

SOLUTION = r"""
- The shifted signal is $T x = {{ moved }}$, and the layer makes $f(T x) = {{ before }}$ of it.
- The layer first gives $f(x) = {{ plain }}$, and shifted $T' f(x) = {{ after }}$.

The difference is ${{ difference }}$: they agree at the places {{ places }}.
{% if stride == 1 %}
Away from the borders every window sees what the window before it saw without the shift: a convolution with stride 1
is equivariant there. At the borders zeros come in, or an entry is lost, that the other side still has.
{% elif by < stride %}
With stride {{ stride }} the windows begin at every second place. After a shift by 1 they see pairs that no window saw
before, so there is nothing that the output could be a shift of: where the two agree, it is by chance.
{% else %}
A shift by {{ by }} is one step of the window, so each window sees what the one before it saw: for such shifts the
layer is equivariant away from the borders. (For a shift by 1 it is not.)
{% endif %}
""".strip()
