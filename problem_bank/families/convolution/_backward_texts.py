"""The texts of convolution.backward."""

PROMPT = r"""
A convolution layer slides the kernel $K = {{ w }}$ over the image $X = {{ x }}$ **without flipping it**
(cross-correlation), with stride 1 and no padding, and adds the bias $b$ to every output: this gives $Y$. Of the loss
$L$ you know $G = \frac{\partial L}{\partial Y} = {{ g }}$. A gradient by an array has the shape of that array, and
nothing is averaged.
""".strip()

PART = {
    "dK": r"The gradient $\frac{\partial L}{\partial K}$.",
    "db": r"The gradient $\frac{\partial L}{\partial b}$.",
    "dX": r"The gradient $\frac{\partial L}{\partial X}$.",
    "new": r"The kernel after one step of gradient descent with learning rate ${{ rate }}$.",
}

SAID = {
    "kernel_flipped": "Your gradient is turned by 180 degrees: a weight in the top left corner meets "
    "the pixels in the top left corner most, so slide $G$ over $X$ as it stands.",
    "averaged": "You divided by the number of outputs; the weight acts on each of them, and what comes back adds up.",
    "transposed": "Your gradient is transposed: its rows belong to the rows of the kernel.",
    "mean": "You took the mean of $G$; the bias is added to every output, so what comes back adds up.",
    "positions": "You counted the outputs; each brings its own entry of $G$ back to the bias.",
    "unflipped": "You slid the kernel over the padded $G$ as it stands; going back, a pixel meets its weights in the "
    "opposite order, so turn the kernel by 180 degrees.",
    "valid": "You kept only the places where the kernel fits into $G$; every pixel has a gradient, so put zeros "
    "around $G$ first.",
    "kernel_transposed": "You transposed the kernel; turn it by 180 degrees, which reverses rows and columns.",
    "ascent": "You went uphill: descent subtracts the gradient.",
    "no_rate": "You left the learning rate out.",
}

SOLUTION = r"""
Output $Y_{ij} = b + \sum_{p,q} K_{pq} X_{i+p,\, j+q}$ passes its $G_{ij}$ on to everything that it was made of, times
the other factor.

- **Kernel.** $K_{pq}$ met the pixel $X_{i+p,\, j+q}$ in $Y_{ij}$, so
  $\frac{\partial L}{\partial K_{pq}} = \sum_{i,j} G_{ij} X_{i+p,\, j+q}$: slide $G$ over $X$, unflipped. The first
  entry is the sum of the products of ${{ g }}$ with ${{ window }}$. In all,
  $$\frac{\partial L}{\partial K} = {{ dK }}.$$
- **Bias.** It is part of every output: $\frac{\partial L}{\partial b} = \sum_{i,j} G_{ij} = {{ db }}$.
{% if "dX" in ask %}
- **Image.** Pixel $X_{uv}$ met $K_{pq}$ in $Y_{u-p,\, v-q}$: the further down or right the weight, the further up or
  left the output. So put a border of zeros around $G$ and slide the kernel, turned by 180 degrees, over it:
  $${{ flipped }} \text{ over } {{ around }} \text{ gives } \frac{\partial L}{\partial X} = {{ dX }}.$$
{% endif %}
{% if "new" in ask %}
- **Step.** $K - {{ rate }} \cdot \frac{\partial L}{\partial K} = {{ new }}$.
{% endif %}
""".strip()
