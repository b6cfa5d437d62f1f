"""제곱을 먼저 더한 뒤 나눔: 첫걸음이 η·g가 아니게 됩니다"""
def adagrad_step(theta, g, squares, rate=0.05):
    squares = squares + (rate * g) ** 2
    return theta - rate * g / np.sqrt(squares), squares
