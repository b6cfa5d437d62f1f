"""비용 앞의 ½을 잊어 두 배가 됨"""
def glove_gradient(w, c, b, b_context, x, x_max=10.0, alpha=0.75):
    g = 2 * min(1.0, (x / x_max) ** alpha) * (w @ c + b + b_context - np.log(x))
    return g * c, g * w, g
