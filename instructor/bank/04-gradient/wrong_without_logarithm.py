"""로그 횟수가 아니라 횟수를 맞추려 함"""
def glove_gradient(w, c, b, b_context, x, x_max=10.0, alpha=0.75):
    g = min(1.0, (x / x_max) ** alpha) * (w @ c + b + b_context - x)
    return g * c, g * w, g
