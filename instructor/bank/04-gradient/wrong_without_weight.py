"""무게 f(x)를 곱하지 않음"""
def glove_gradient(w, c, b, b_context, x, x_max=10.0, alpha=0.75):
    delta = w @ c + b + b_context - np.log(x)
    return delta * c, delta * w, delta
