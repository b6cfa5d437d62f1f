"""학습률을 제곱합 안으로 옮긴 꼴: g / √(s / η²)"""
def adagrad_step(theta, g, squares, rate=0.05):
    inner = squares / rate**2
    return theta - g / np.sqrt(inner), (inner + g * g) * rate**2
