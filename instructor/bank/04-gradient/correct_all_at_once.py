"""매개변수를 한 벡터로 이어 δ의 미분을 적고, 한 번에 곱한 뒤 나눔"""
def glove_gradient(w, c, b, b_context, x, x_max=10.0, alpha=0.75):
    delta = np.concatenate([w, [b, b_context]]) @ np.concatenate([c, [1, 1]]) - np.log(x)
    gradient = np.minimum(1, (x / x_max) ** alpha) * delta * np.concatenate([c, w, [1.0]])
    return gradient[: len(w)], gradient[len(w) : -1], gradient[-1]
