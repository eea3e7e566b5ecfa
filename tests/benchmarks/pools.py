"""Python's pools at trivial work: writes the seconds that an item takes, with workers that are warm."""
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def twice(x):
    return x * 2


def measure(run, count):
    run(1000)
    start = time.perf_counter()
    run(count)
    return (time.perf_counter() - start) / count


def main(pool):
    if pool == "joblib":
        from joblib import Parallel, delayed
        return measure(lambda n: Parallel(n_jobs=2)(delayed(twice)(x) for x in range(n)), 200_000)
    if pool == "processes":
        with ProcessPoolExecutor(2) as workers:
            return measure(lambda n: list(workers.map(twice, range(n), chunksize=64)), 200_000)
    with ThreadPoolExecutor(2) as workers:
        return measure(lambda n: list(workers.map(twice, range(n))), 50_000)


if __name__ == "__main__":
    print(main(sys.argv[1]))
