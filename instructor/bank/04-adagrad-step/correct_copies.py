"""복사한 뒤 제자리에서 계산"""
def adagrad_step(theta, g, squares, rate=0.05):
    theta, squares = theta.copy(), squares.copy()
    theta -= rate * g * squares**-0.5
    squares += (rate * g) ** 2
    return theta, squares
