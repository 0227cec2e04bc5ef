import type { Forecast } from '../../../core/rehearsal/forecast.ts';
import { predictedTimes } from './forecast-words.ts';
import classes from './rehearsal.module.css';

/** T50, T95, T99 and T100 as a table: bands, and the middle seed. Null: nothing is predicted yet. */
export function PredictedTimes({ forecast }: { readonly forecast: Forecast | null }) {
  const times = predictedTimes(forecast);
  return (
    <table className={classes.times}>
      <thead>
        <tr>
          <th scope="col">Share of nodes</th>
          {times.map(({ share }) => (
            <th key={share} scope="col">
              {share}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">acknowledged after</th>
          {times.map(({ share, band }) => (
            <td key={share}>{band}</td>
          ))}
        </tr>
        <tr>
          <th scope="row">median</th>
          {times.map(({ share, median }) => (
            <td key={share}>{median}</td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}
