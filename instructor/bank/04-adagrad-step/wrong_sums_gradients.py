"""제곱이 아니라 기울기를 그대로 더함: 부호가 지워지지 않습니다"""
def adagrad_step(theta, g, squares, rate=0.05):
    scaled = rate * g
    return theta - scaled / np.sqrt(squares), squares + scaled
