"""받은 배열을 제자리에서 바꿈"""
def adagrad_step(theta, g, squares, rate=0.05):
    theta -= rate * g / np.sqrt(squares)
    squares += (rate * g) ** 2
    return theta, squares
