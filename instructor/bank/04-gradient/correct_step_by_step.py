"""f와 δ를 따로 구해 차례로 곱함"""
def glove_gradient(w, c, b, b_context, x, x_max=10.0, alpha=0.75):
    f = 1.0 if x >= x_max else (x / x_max) ** alpha
    delta = sum(p * q for p, q in zip(w, c)) + b + b_context - np.log(x)
    return f * delta * np.array(c), f * delta * np.array(w), f * delta
