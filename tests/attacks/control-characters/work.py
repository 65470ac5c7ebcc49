def f(x):
    raise ValueError("\x1b[2J\u202e\ud800<script>" + "a" * 100_000)
