"""부호를 바꾸어 내려가는 방향을 돌려줌: 기울기는 오르는 방향입니다"""
def glove_gradient(w, c, b, b_context, x, x_max=10.0, alpha=0.75):
    g = min(1.0, (x / x_max) ** alpha) * (np.log(x) - w @ c - b - b_context)
    return g * c, g * w, g
