"""제곱근 없이 제곱합으로 나눔"""
def adagrad_step(theta, g, squares, rate=0.05):
    return theta - rate * g / squares, squares + (rate * g) ** 2
