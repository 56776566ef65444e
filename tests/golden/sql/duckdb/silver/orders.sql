CREATE OR REPLACE TABLE case_ficticio_silver.orders AS
WITH repeated AS (
  SELECT
    id_pedido
  FROM case_ficticio_bronze.orders
  GROUP BY
    id_pedido
  HAVING
    COUNT(*) > 1
), latest AS (
  SELECT
    *
  FROM case_ficticio_bronze.orders
  WHERE
    NOT id_pedido IN (
      SELECT
        id_pedido
      FROM repeated
    )
  UNION ALL
  SELECT
    *
  FROM case_ficticio_bronze.orders
  WHERE
    id_pedido IN (
      SELECT
        id_pedido
      FROM repeated
    )
  QUALIFY
    ROW_NUMBER() OVER (
      PARTITION BY id_pedido
      ORDER BY _ingest_timestamp DESC, _source_file DESC, id_unidade DESC, data_pedido DESC, vlr_pedido DESC, taxa_entrega DESC, tipo_pedido DESC, status DESC, endereco_entrega DESC, _ingest_date DESC
    ) = 1
)
SELECT
  id_pedido AS order_id,
  id_unidade AS unit_id,
  CASE tipo_pedido
    WHEN 'Loja Online'
    THEN 'ONLINE'
    WHEN 'Loja Fisica'
    THEN 'PHYSICAL'
    ELSE 'UNKNOWN'
  END AS order_type,
  status AS order_status,
  data_pedido AS order_date,
  EXTRACT(YEAR FROM data_pedido) AS order_year,
  EXTRACT(MONTH FROM data_pedido) AS order_month,
  EXTRACT(DAY FROM data_pedido) AS order_day,
  STRFTIME(CAST(data_pedido AS DATE), '%A') AS order_day_of_week,
  vlr_pedido AS order_value,
  taxa_entrega AS delivery_fee,
  vlr_pedido - taxa_entrega AS items_subtotal,
  CASE
    WHEN tipo_pedido = 'Loja Online'
    THEN NULLIF(endereco_entrega, '')
    ELSE NULL
  END AS delivery_address,
  _source_file,
  _ingest_timestamp,
  _ingest_date
FROM latest
