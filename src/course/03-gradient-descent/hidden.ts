import { bendTests } from './hidden/bend';
import { fateTests } from './hidden/fate';
import { fitLineTests } from './hidden/fit-line';
import { minimizeTests } from './hidden/minimize';
import { neuronTests } from './hidden/neuron';
import { ravineStepsTests } from './hidden/ravine-steps';

export const hidden = [fateTests, bendTests, minimizeTests, neuronTests, fitLineTests, ravineStepsTests];
