"""제곱합에 학습률을 곱하지 않은 기울기를 더함"""
def adagrad_step(theta, g, squares, rate=0.05):
    return theta - rate * g / np.sqrt(squares), squares + g**2
