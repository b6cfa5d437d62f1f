"""w의 기울기에 w를, c의 기울기에 c를 곱함: 내적의 미분은 상대 벡터입니다"""
def glove_gradient(w, c, b, b_context, x, x_max=10.0, alpha=0.75):
    g = min(1.0, (x / x_max) ** alpha) * (w @ c + b + b_context - np.log(x))
    return g * w, g * c, g
