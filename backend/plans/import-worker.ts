// The thread in which a large document is read, so that the backend answers others meanwhile.
import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../../shared/errors.ts';
import { readPlan } from '../imports/index.ts';
import type { ImportAnswer, ImportInput } from './import.ts';

function answer(): ImportAnswer {
  try {
    return { preview: readPlan(workerData as ImportInput) };
  } catch (error) {
    if (error instanceof AppError)
      return { refused: { code: error.code, message: error.message, details: error.details } };
    throw error;
  }
}

parentPort!.postMessage(answer());
